import sharp from 'sharp';
import { createRandom, type Random } from '../../sandbox/samples/painting/random.ts';

/**
 * Pictures that look like portraits and differ as portraits do: a head with hair, eyes, mouth, neck and clothes before a backdrop, each of
 * another size, place and colour. The same seed gives the same picture.
 */
export function madePortrait(seed: number, sizePx = 512): Promise<Buffer> {
  const random = createRandom(seed * 7919 + 17);
  return sharp(Buffer.from(portraitSvg(random, sizePx)))
    .removeAlpha()
    .png()
    .toBuffer();
}

function portraitSvg(random: Random, sizePx: number): string {
  const colour = (low: number, high: number) => `rgb(${[0, 0, 0].map(() => Math.round(random.between(low, high))).join(',')})`;
  const [x, y] = [512 + 90 * random.around(), 470 + 90 * random.around()];
  const [width, height] = [random.between(170, 300), random.between(230, 370)];
  const tone = random.between(60, 245);
  const skin = `rgb(${Math.round(tone)},${Math.round(tone * random.between(0.7, 0.85))},${Math.round(tone * random.between(0.5, 0.75))})`;
  const hair = colour(10, random.next() < 0.5 ? 90 : 220);
  const hairHeight = random.between(0.9, 1.6);
  const hairWidth = random.between(1.05, 1.5);
  const eye = random.between(0.32, 0.5) * width;
  const light = random.between(0.2, 0.8);
  const spots = Array.from(
    { length: Math.round(random.between(2, 14)) },
    () =>
      `<ellipse cx="${random.between(0, 1024)}" cy="${random.between(0, 1024)}" rx="${random.between(40, 260)}" ry="${random.between(40, 260)}" fill="${colour(0, 255)}" opacity="${random.between(0.2, 0.9)}"/>`,
  ).join('');
  const glasses = random.next() < 0.3;
  const beard = random.next() < 0.3;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${sizePx}" height="${sizePx}" viewBox="0 0 1024 1024">
    <defs><linearGradient id="wall" x1="0" y1="0" x2="${random.next()}" y2="${random.next()}"><stop offset="0" stop-color="${colour(0, 255)}"/><stop offset="1" stop-color="${colour(0, 255)}"/></linearGradient>
    <linearGradient id="light" x1="${light}" y1="0" x2="${1 - light}" y2="1"><stop offset="0" stop-color="#fff" stop-opacity="0.35"/><stop offset="1" stop-color="#000" stop-opacity="0.45"/></linearGradient></defs>
    <rect width="1024" height="1024" fill="url(#wall)"/>${spots}
    <ellipse cx="${x}" cy="${y + height * (hairHeight - 1)}" rx="${width * hairWidth}" ry="${height * hairHeight}" fill="${hair}"/>
    <path d="M ${x - width * 0.45},${y + height * 0.6} V 1024 H ${x + width * 0.45} V ${y + height * 0.6} Z" fill="${skin}"/>
    <path d="M ${x - width * random.between(1.4, 2.4)},1024 Q ${x},${y + height * random.between(1.05, 1.4)} ${x + width * random.between(1.4, 2.4)},1024 Z" fill="${colour(0, 255)}"/>
    <ellipse cx="${x}" cy="${y}" rx="${width}" ry="${height}" fill="${skin}"/>
    <ellipse cx="${x}" cy="${y}" rx="${width}" ry="${height}" fill="url(#light)"/>
    <path d="M ${x - width},${y - height * 0.2} Q ${x + random.around() * width},${y - height * random.between(1.0, 1.9)} ${x + width},${y - height * 0.2} Q ${x},${y - height * random.between(0.5, 0.9)} ${x - width},${y - height * 0.2}" fill="${hair}"/>
    ${[-1, 1].map(s => `<ellipse cx="${x + s * eye}" cy="${y - height * 0.1}" rx="${width * 0.17}" ry="${height * 0.07}" fill="#eee"/><circle cx="${x + s * eye}" cy="${y - height * 0.1}" r="${height * 0.055}" fill="${colour(0, 90)}"/>${glasses ? `<circle cx="${x + s * eye}" cy="${y - height * 0.1}" r="${width * 0.3}" fill="none" stroke="#111" stroke-width="14"/>` : ''}`).join('')}
    ${beard ? `<path d="M ${x - width * 0.9},${y + height * 0.2} Q ${x},${y + height * 1.5} ${x + width * 0.9},${y + height * 0.2} Q ${x},${y + height * 0.6} ${x - width * 0.9},${y + height * 0.2}" fill="${hair}"/>` : ''}
    <path d="M ${x - width * 0.3},${y + height * 0.5} Q ${x},${y + height * random.between(0.45, 0.7)} ${x + width * 0.3},${y + height * 0.5} Q ${x},${y + height * 0.48} ${x - width * 0.3},${y + height * 0.5}" fill="#933"/>
    <path d="M ${x},${y - height * 0.05} L ${x + width * 0.12},${y + height * 0.25} L ${x - width * 0.08},${y + height * 0.25} Z" fill="#000" opacity="0.2"/>
  </svg>`;
}
