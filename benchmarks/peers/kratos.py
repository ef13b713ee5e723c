"""Kratos Multiphysics, StructuralMechanicsApplication, solved by its AMGCL.

The model part is read from a file, as Kratos' users do. AMGCL is given 3x3 blocks, conjugate gradients, smoothed
aggregation and ILU(0); it has no near null space by way of Kratos' settings for this element.
"""

import tempfile
from pathlib import Path

from exchange import RTOL, Clock, finish, np, peer_arguments, read

SETTINGS = {
    "solver_type": "amgcl",
    "smoother_type": "ilu0",
    "krylov_type": "cg",
    "coarsening_type": "smoothed_aggregation",
    "max_iteration": "2000",
    "block_size": "3",
}


def main() -> None:
    case_file, result_file, words = peer_arguments()
    import json

    import KratosMultiphysics as kratos
    import KratosMultiphysics.StructuralMechanicsApplication as structural
    from KratosMultiphysics.python_linear_solver_factory import ConstructSolver

    kratos.Logger.GetDefaultOutput().SetSeverity(kratos.Logger.Severity.WARNING)
    case = read(case_file)
    clock = Clock()
    settings = {**SETTINGS, **dict(word.split("=") for word in words)}
    settings = {key: int(value) if value.isdigit() else value for key, value in settings.items()}
    settings |= {"tolerance": RTOL, "verbosity": 0, "scaling": False, "use_block_matrices_if_possible": True}
    model = kratos.Model()
    part = model.CreateModelPart("femur")
    part.SetBufferSize(2)
    for variable in (kratos.DISPLACEMENT, kratos.REACTION, kratos.VOLUME_ACCELERATION, structural.POINT_LOAD):
        part.AddNodalSolutionStepVariable(variable)
    part.ProcessInfo.SetValue(kratos.DOMAIN_SIZE, 3)
    with tempfile.TemporaryDirectory(dir=case_file.parent) as folder:
        with clock("write model part"):
            write_model_part(Path(folder) / "femur.mdpa", case)
        with clock("read model part"):
            kratos.ModelPartIO(str(Path(folder) / "femur")).ReadModelPart(part)
    with clock("materials, supports, loads"):
        law = structural.LinearElastic3DLaw()
        for properties in part.Properties:
            if properties.Id == 0:
                continue
            properties.SetValue(kratos.YOUNG_MODULUS, float(case.bin_youngs_modulus[properties.Id - 1]))
            properties.SetValue(kratos.POISSON_RATIO, float(case.bin_poissons_ratio[properties.Id - 1]))
            properties.SetValue(kratos.CONSTITUTIVE_LAW, law)
        for axis in "XYZ":
            kratos.VariableUtils().AddDof(
                getattr(kratos, f"DISPLACEMENT_{axis}"), getattr(kratos, f"REACTION_{axis}"), part
            )
        for i in case.fixed.tolist():
            node = part.GetNode(i + 1)
            for axis in "XYZ":
                node.Fix(getattr(kratos, f"DISPLACEMENT_{axis}"))
        for i, force in zip(case.load_nodes.tolist(), case.loads[0].tolist()):
            part.GetNode(i + 1).SetSolutionStepValue(structural.POINT_LOAD, force)
    with clock("assemble, solve"):
        solver = ConstructSolver(kratos.Parameters(json.dumps(settings)))
        builder = kratos.ResidualBasedBlockBuilderAndSolver(solver)
        scheme = kratos.ResidualBasedIncrementalUpdateStaticScheme()
        strategy = kratos.ResidualBasedLinearStrategy(part, scheme, builder, False, False, False, False)
        strategy.SetEchoLevel(0)
        strategy.Initialize()
        strategy.Solve()
    u = np.array([part.GetNode(i + 1).GetSolutionStepValue(kratos.DISPLACEMENT) for i in case.load_nodes.tolist()])
    from importlib.metadata import version

    finish(
        result_file, clock, counted=("read model part", "materials, supports, loads", "assemble, solve"),
        energy=0.5 * float(np.sum(u * case.loads[0])), version=f"Kratos {version('KratosMultiphysics')}",
    )  # fmt: skip


def write_model_part(path: Path, case) -> None:
    """Kratos' own file format; property k + 1 is stiffness bin k."""
    width = case.elements.shape[1]
    with path.open("w") as file:
        file.write("Begin ModelPartData\nEnd ModelPartData\n")
        for k in range(len(case.bin_youngs_modulus)):
            file.write(f"Begin Properties {k + 1}\nEnd Properties\n")
        file.write("Begin Nodes\n")
        file.writelines(f"{i} {x!r} {y!r} {z!r}\n" for i, (x, y, z) in enumerate(case.nodes.tolist(), 1))
        file.write(f"End Nodes\nBegin Elements SmallDisplacementElement3D{width}N\n")
        rows = zip((case.bin_of + 1).tolist(), (case.elements + 1).tolist())
        file.writelines(f"{e} {b} {' '.join(map(str, row))}\n" for e, (b, row) in enumerate(rows, 1))
        file.write("End Elements\nBegin Conditions PointLoadCondition3D1N\n")
        file.writelines(f"{k} 1 {i + 1}\n" for k, i in enumerate(case.load_nodes.tolist(), 1))
        file.write("End Conditions\n")


if __name__ == "__main__":
    main()
