/** Which network addresses a download may reach: the public ones, whatever notation or tunnel they come in. */
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The blocks of IPv6 that the registry hands out for the public internet; everything outside has a special purpose. */
const globalIpv6 = ipaddr.IPv6.parse('2000::');

/** The IPv4 address that an IPv6 address carries for a translator or tunnel, since that is where the packets end up. */
function embeddedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const bytes = address.toByteArray();
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6052': // NAT64, 64:ff9b::/96
    case 'rfc6145': // IPv4-translated, ::ffff:0:0:0/96
      return new ipaddr.IPv4(bytes.slice(12, 16));
    case '6to4': // 2002::/16, the IPv4 address follows the prefix
      return new ipaddr.IPv4(bytes.slice(2, 6));
    default:
      return undefined;
  }
}

/**
 * True for a globally routable unicast address, IPv4 or IPv6, without brackets. False for loopback, private, link-local,
 * shared, multicast, documentation and reserved ranges, for IPv6 forms that carry such an IPv4 address, and for anything that
 * is no address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address instanceof ipaddr.IPv4) return address.range() === 'unicast';
  if (!(address instanceof ipaddr.IPv6)) return false;
  const inner = embeddedIpv4(address);
  if (inner !== undefined) return inner.range() === 'unicast';
  return address.range() === 'unicast' && address.match(globalIpv6, 3);
}

/** True where the host of a URL is an address itself, so no name is looked up. Expects it without brackets. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(host);
}

/** What a guarded lookup fails with; it travels through the HTTP library as an error or its cause. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

/** A lookup that fails unless every address of the name is public: which of them would be tried is not for us to choose. */
export function guardedLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found, family) => {
      if (error !== null) return callback(error, '', 0);
      const addresses = typeof found === 'string' ? [{ address: found, family: family ?? 0 }] : found;
      const first = addresses[0];
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(new AddressRefusedError(`${hostname} is not at a public address`), '', 0);
      }
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };
}
