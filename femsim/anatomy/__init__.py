"""Whose femur: its shape, frame and landmarks, its bone density, zones and muscle attachments."""

from femsim.anatomy.ct_femur import CtFemur
from femsim.anatomy.parametric import ParametricFemur
from femsim.anatomy.surface_file import SurfaceFemur
from femsim.anatomy.volume_mesh import VolumeMeshFemur
from femsim.registry import Registry

FEMURS = Registry("femur", parametric=ParametricFemur, surface=SurfaceFemur, volume_mesh=VolumeMeshFemur, ct=CtFemur)
