"""What must hold: the gate, a suite per table, the ledger of results, quarantine.

Great Expectations is imported inside the gate and nowhere else, because importing it costs
seconds and hundreds of megabytes that loading the definitions must not pay.
"""
