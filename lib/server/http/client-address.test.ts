import { describe, expect, it } from 'vitest';
import { clientAddress } from './client-address';

const forwarded = (value: string) => new Headers({ 'x-forwarded-for': value });

describe('clientAddress', () => {
  it('is the entry of the outermost trusted proxy, whatever a client puts before it', () => {
    expect(clientAddress(forwarded('198.51.100.9'), 0)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('6.6.6.6, 198.51.100.9'), 1)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('6.6.6.6, 198.51.100.9, 10.0.0.1'), 2)).toBe('198.51.100.9');
  });

  it('is the /64 network for IPv6, since one customer has all its addresses', () => {
    const network = clientAddress(forwarded('2001:db8:0:7::1'), 1);
    expect(network).toBe('2001:db8:0:7::/64');
    expect(clientAddress(forwarded('2001:0DB8:0:7:ffff:ffff:ffff:ffff'), 1)).toBe(network);
    expect(clientAddress(forwarded('2001:db8:0:7:0:0:198.51.100.9'), 1)).toBe(network);
    expect(clientAddress(forwarded('2001:db8:0:8::1'), 1)).not.toBe(network);
    expect(clientAddress(forwarded('::1'), 0)).toBe('0:0:0:0::/64');
    expect(clientAddress(forwarded('fe80::1%eth0'), 0)).toBe(clientAddress(forwarded('fe80::2%eth1'), 0));
  });

  it('is the IPv4 address where an IPv6 socket reports one', () => {
    expect(clientAddress(forwarded('::ffff:198.51.100.9'), 0)).toBe('198.51.100.9');
    expect(clientAddress(forwarded('::FFFF:c633:6409'), 0)).toBe('198.51.100.9');
  });

  it('is the same for all callers without a readable address', () => {
    expect(clientAddress(new Headers(), 0)).toBe('unknown');
    expect(clientAddress(forwarded('x'.repeat(10_000)), 0)).toBe('unknown');
    expect(clientAddress(forwarded('198.51.100.9'), 2)).toBe('unknown');
  });
});
