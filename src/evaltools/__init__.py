"""evaltools: from a questionnaire to a memo in which every number can be traced."""
