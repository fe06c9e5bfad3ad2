"""Registers: rows about somebody, against something, with who said what and when. One engine, a TOML file for each register."""
