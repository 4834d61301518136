"""Certificates for the tests, made by openssl when they run: nothing secret is kept anywhere."""
import subprocess


class Authority:
    """A certificate authority in a folder; everything it signs is put beside it."""

    def __init__(self, folder, name="ca"):
        self.folder = folder
        self.ca = folder / f"{name}.pem"
        self.ca_key = folder / f"{name}.key"
        folder.mkdir(exist_ok=True)
        self._openssl("req", "-x509", *self._new_key(self.ca_key), "-out", self.ca, "-days", "2",
                      "-subj", f"/CN=relapse test {name}")

    def sign(self, name, alternatives, days=2):
        """The paths of a certificate for these subject alternative names, and of its key."""
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        request, extensions = self.folder / f"{name}.csr", self.folder / f"{name}.ext"
        self._openssl("req", *self._new_key(key), "-out", request, "-subj", f"/CN={name}")
        extensions.write_text(f"subjectAltName={alternatives}\n")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.ca_key,
                      "-CAcreateserial", "-out", certificate, "-days", str(days),
                      "-extfile", extensions)
        return certificate, key

    @staticmethod
    def _new_key(path):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                "-keyout", path]

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                              timeout=30)
        if done.returncode != 0:
            raise SystemExit(f"openssl {arguments[0]}: {done.stderr}")
