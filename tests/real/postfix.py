class Postfix:
    pass
