"""Tests of the labs; a package, since other folders have files of the same names."""
