"""测算列: columns that are put beside a form, outside what it prints, and taken away again.

``model`` is what is put there, ``room`` finds the place for it, ``adding`` splices it into the package, ``taking`` takes it out:
byte for byte where nobody has saved the file since, by reading it otherwise. ``memory`` is what is kept for that in the file.
"""
