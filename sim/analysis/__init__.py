"""Analysis: one method a file, each a pure function of arrays or tables, tried on a case with a known answer."""
