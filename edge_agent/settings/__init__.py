"""One settings bundle: files of people become frozen, checked values, or every fault at once in words."""
