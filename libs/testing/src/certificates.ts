import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Paths of a certificate and its key, in PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** An authority that signs certificates for a spec, with the machine's openssl. */
export class TestAuthority {
  /** @param folder where its files are made */
  static async in(folder: string, name = 'authority'): Promise<TestAuthority> {
    const authority = new TestAuthority(folder, name);
    const { cert, key } = authority.files;
    const subject = `/CN=${name}`;
    await openssl('req', '-x509', ...NEW_KEY, '-keyout', key, '-out', cert, '-subj', subject);
    return authority;
  }

  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Trusts its certificates. */
  get caFile(): string {
    return this.files.cert;
  }

  /** @param names subjectAltName as openssl writes it: `IP:127.0.0.1,DNS:localhost` */
  async sign(commonName: string, names: string): Promise<CertificateFiles> {
    const signed = this.filesOf(commonName);
    const request = join(this.folder, `${commonName}.csr`);
    const extensions = join(this.folder, `${commonName}.extensions`);
    await writeFile(extensions, `subjectAltName=${names}\n`);
    const subject = `/CN=${commonName}`;
    await openssl('req', ...NEW_KEY, '-keyout', signed.key, '-out', request, '-subj', subject);
    const { cert, key } = this.files;
    const by = ['-CA', cert, '-CAkey', key, '-CAcreateserial', '-extfile', extensions];
    await openssl('x509', '-req', '-in', request, ...by, '-days', '2', '-out', signed.cert);
    return signed;
  }

  private get files(): CertificateFiles {
    return this.filesOf(this.name);
  }

  private filesOf(name: string): CertificateFiles {
    return { cert: join(this.folder, `${name}.pem`), key: join(this.folder, `${name}.key`) };
  }
}

async function openssl(...words: readonly string[]): Promise<void> {
  await promisify(execFile)('openssl', words);
}
