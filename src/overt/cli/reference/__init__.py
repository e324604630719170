"""Reference pages made from the program itself; `python -m overt.cli.reference` writes them anew."""
