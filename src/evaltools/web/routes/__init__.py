"""The routes: each reads what was asked, makes one call, and shows what came of it."""
