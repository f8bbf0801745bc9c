weir_fuzz(record event)
