"""Images of a patient: their values, where each voxel lies in the patient, and the files they come from."""
