"""Has the tumour responded, and for how long: RECIST 1.1 from lesion measurements, iRECIST as a second reading."""
