"""History -> transitions -> what holds and what does not."""
