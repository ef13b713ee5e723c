"""Files of recorded forces: text, tables, and which columns are the force on the hip."""
