"""Groups of commands of `dat-keys`."""
