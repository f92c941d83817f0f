"""Tests of the methods of analysis, each on a case with a known answer."""
