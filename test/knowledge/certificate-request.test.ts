import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certificateSubject } from '../../shared/knowledge/certificate-request.ts';

/** Made with `openssl req -new -subj /O=system:masters/O=ops/CN=backup`. */
const request =
  'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIek1JR2FBZ0VBTURneEZ6QVZCZ05WQkFvTURuTjVjM1JsYlRwdFlYTjBaWEp6TVF3d0NnWURWUVFLREFOdgpjSE14RHpBTkJnTlZCQU1NQm1KaFkydDFjREJaTUJNR0J5cUdTTTQ5QWdFR0NDcUdTTTQ5QXdFSEEwSUFCUEtiCmpaZWh0RjI0ckNKbXZBMVBSaGcxc09peDVIU1BpUStvdHgxcDlYTVVjQm1ETEt0MUc5VW56N0hEb3dCVnhsVXgKenVCM1F0TCtqVGYycnBvMGRJMmdBREFLQmdncWhrak9QUVFEQWdOSUFEQkZBaUJFcVZ3MzlCZnRNTXEySWdjVwoxT3FuTk5aN3RIY1FrQTljL3AwWDR1V1VxUUloQU5hbnR6MlJrRnV6YjJaVTV3ZUVXM0xDQW1yclRhRWhMUmhqCkd4YXZVdTVnCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=';

describe('the subject of a certificate request', () => {
  it('is read from the request', () => {
    expect(certificateSubject(request)).toEqual({ names: ['backup'], groups: ['system:masters', 'ops'] });
  });

  it('is absent where the request is not one', () => {
    for (const other of [
      '',
      'AAECAwQ=',
      request.slice(0, 120),
      Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMIID\n-----END').toString('base64'),
    ]) {
      expect(certificateSubject(other)).toBeUndefined();
    }
  });

  it('is read without failing, whatever bytes stand there', () => {
    const pem = Buffer.from(request, 'base64').toString('latin1');
    const bytes = Buffer.from(/-----([A-Za-z0-9+/=\s]+)-----END/.exec(pem)?.[1] ?? '', 'base64');
    const wrapped = (der: Uint8Array): string =>
      Buffer.from(
        `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE REQUEST-----`,
      ).toString('base64');
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 255 }), (at, byte) => {
        const changed = Uint8Array.from(bytes);
        changed[at] = byte;
        const subject = certificateSubject(wrapped(changed));
        expect(subject === undefined || Array.isArray(subject.names)).toBe(true);
      }),
    );
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (der) => typeof certificateSubject(wrapped(der)) !== 'string'));
  });
});
