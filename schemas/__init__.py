"""The language all of Laurel speaks: the EU standard elements, the events, the words for failure. Pure, no I/O."""
