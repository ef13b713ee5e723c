"""What the surgeon and the engineer ask of a pair of outcomes: operated femur and its intact twin."""

from femsim.metrics.bone_stock import BoneStock
from femsim.metrics.cement_penetration import CementPenetration
from femsim.metrics.cement_stress import CementStress
from femsim.metrics.criteria import Criteria
from femsim.metrics.head_stiffness import HeadStiffness
from femsim.metrics.implant_stress import ImplantStress
from femsim.metrics.interface_pull import InterfacePull
from femsim.metrics.joint_geometry import JointGeometry
from femsim.metrics.load_share import LoadShare
from femsim.metrics.micromotion import Micromotion
from femsim.metrics.neck_strain import NeckStrain
from femsim.metrics.risk_factor import RiskFactor
from femsim.metrics.risk_over_activity import RiskOverActivity
from femsim.metrics.stimulus import Stimulus
from femsim.metrics.strain_change import StrainChange
from femsim.metrics.strain_energy_change import StrainEnergyChange
from femsim.registry import Registry

METRICS = Registry(
    "metric",
    risk_factor=RiskFactor,
    risk_over_activity=RiskOverActivity,
    criteria=Criteria,
    strain_energy_change=StrainEnergyChange,
    stimulus=Stimulus,
    strain_change=StrainChange,
    neck_strain=NeckStrain,
    load_share=LoadShare,
    implant_stress=ImplantStress,
    cement_stress=CementStress,
    head_stiffness=HeadStiffness,
    micromotion=Micromotion,
    interface_pull=InterfacePull,
    cement_penetration=CementPenetration,
    bone_stock=BoneStock,
    joint_geometry=JointGeometry,
)
