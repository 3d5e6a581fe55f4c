"""The commands of `dat`, one file for each thing a partner comes for."""
