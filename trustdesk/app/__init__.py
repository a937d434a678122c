"""Composition: puts implementations behind ports; starts window, command line, demo and lab.

The only place where the parts of the house are put together.
"""
