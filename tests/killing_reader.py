"""A reader of mail that does what it reads: dies, hangs, takes much, or goes outside."""

DOES = """
import os, sys, time
sys.path.insert(0, sys.argv[1])
import intake.reader_process as process
honest = process.read
def read(raw, *given):
    if b"DIE" in raw: os._exit(9)
    if b"HANG" in raw: time.sleep(3600)
    if b"MUCH" in raw: return len([bytes(10**6) for _ in range(10**4)])
    if b"NET" in raw: __import__("socket").socket()
    if b"FILE" in raw: open("/etc/hostname")
    if b"BABBLE" in raw: os.write(1, b"\\xff" * 100)
    return honest(raw, *given)
process.read = read
process.main()
"""
