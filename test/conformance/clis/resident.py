"""The AWS CLI that this Python has, loaded once: JSON lines of a command's words in, of what it said out. Each runs in a process of its own."""

import json
import os
import sys
import tempfile

from awscli.clidriver import create_clidriver, main

create_clidriver()
for line in sys.stdin:
    with tempfile.TemporaryFile() as stdout, tempfile.TemporaryFile() as stderr:
        child = os.fork()
        if child == 0:
            os.dup2(stdout.fileno(), 1)
            os.dup2(stderr.fileno(), 2)
            sys.argv = ["aws", *json.loads(line)]
            code = main()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        os.waitpid(child, 0)
        for output in stdout, stderr:
            output.seek(0)
        said = {"stdout": stdout.read().decode(), "stderr": stderr.read().decode()}
    print(json.dumps(said), flush=True)
