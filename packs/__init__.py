"""The language of policy packs: form, check, explanation, and freezing a plan from them. Usable offline."""
