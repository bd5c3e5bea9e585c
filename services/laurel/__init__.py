"""The `laurel` command, and the whole house in one process."""

from importlib.metadata import version

__version__ = version("laurel")
