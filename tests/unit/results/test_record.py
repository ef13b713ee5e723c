"""What the result file and the summary keep of a model."""

from dataclasses import replace

import numpy as np

from femsim.results import record


def test_zones_of_gruen_are_kept_beside_the_zones(small_run):
    outcome, _ = small_run.outcomes()
    gruen_of = np.arange(outcome.model.mesh.n_elements) % 3 - 1
    model = replace(outcome.model, gruen_of=gruen_of, gruen_zones=("gruen_1", "gruen_2"))
    outcome = replace(outcome, model=model)
    kept = record.body(outcome, ())
    assert np.array_equal(kept.cell_fields["gruen_id"][0], gruen_of)
    assert kept.texts["gruen_names"] == ("gruen_1", "gruen_2") and kept.units["gruen_id"] == "-"
    assert record.of_model(outcome)["gruen_zones"] == ["gruen_1", "gruen_2"]
    assert kept.cell_fields["zone_id"].shape == kept.cell_fields["gruen_id"].shape
