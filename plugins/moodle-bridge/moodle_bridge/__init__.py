"""The bridge between Moodle and Laurel: signed webhooks in, events out."""
