"""Tests of charts, of the gallery and of the report."""
