"""Pages for people: served by the hub, without scripts, in Dutch and English."""
