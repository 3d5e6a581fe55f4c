"""The declarative base that all of the hub's tables share."""

from __future__ import annotations

from service.database import new_base

Base = new_base()
