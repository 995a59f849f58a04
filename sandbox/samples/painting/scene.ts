import { canvasUnits, middleX } from './anatomy.ts';
import type { Random } from './random.ts';

/** What surrounds the face: backdrop, neck, clothes. */

const backdropColours = ['#7fa3a0', '#6b918f', '#8fb3aa', '#5d8484', '#a3bfae', '#c4c9a8', '#769c9f'];

const stroke = (random: Random) => {
  const x = random.between(-60, canvasUnits + 60);
  const y = random.between(-60, canvasUnits + 60);
  const length = random.between(70, 210);
  const angle = -0.7 + 0.5 * random.around() + (x - middleX) / 1400;
  const [dx, dy] = [length * Math.cos(angle), length * Math.sin(angle)];
  const colour = backdropColours[Math.floor(random.next() * backdropColours.length)] ?? '#7fa3a0';
  return `<path d="M ${x},${y} q ${dx * 0.5 + 20 * random.around()},${dy * 0.5 + 20 * random.around()} ${dx},${dy}" stroke="${colour}" stroke-width="${random.between(8, 46)}" opacity="${random.between(0.05, 0.2)}"/>`;
};

export const paintBackdrop = (random: Random) => `
  <rect width="${canvasUnits}" height="${canvasUnits}" fill="url(#wall)"/>
  <g fill="none" stroke-linecap="round" filter="url(#soft3)">${Array.from({ length: 900 }, () => stroke(random)).join('')}</g>
  <rect width="${canvasUnits}" height="${canvasUnits}" fill="url(#glow)"/>
  <rect width="${canvasUnits}" height="${canvasUnits}" fill="url(#vignette)"/>`;

export const paintNeck = () => `
  <path d="M 420,600 L 422,750 C 418,812 352,848 250,884 L 250,1024 L 774,1024 L 774,884 C 672,848 606,812 602,750 L 604,600 Z" fill="url(#neck)"/>
  <path d="M 404,620 L 622,620 L 626,752 C 596,784 562,800 528,802 C 480,798 440,776 404,736 Z" fill="#5e2f26" opacity="0.6" filter="url(#soft20)"/>
  <path d="M 446,790 C 456,830 480,872 500,890" fill="none" stroke="#8f5540" stroke-width="9" opacity="0.22" filter="url(#soft8)"/>
  <path d="M 580,790 C 570,830 546,872 526,890" fill="none" stroke="#7c4535" stroke-width="11" opacity="0.28" filter="url(#soft8)"/>
  <ellipse cx="512" cy="902" rx="16" ry="10" fill="#7c4535" opacity="0.32" filter="url(#soft8)"/>
  <path d="M 372,878 Q 440,884 488,896 M 652,878 Q 584,884 536,896" fill="none" stroke="#f0c09c" stroke-width="9" opacity="0.4" filter="url(#soft8)"/>`;

const weave = (random: Random) =>
  Array.from({ length: 420 }, () => {
    const x = random.between(20, 1004);
    const y = random.between(860, 1030);
    const out = (x - middleX) / 500;
    const colour = random.next() < 0.5 + 0.3 * out ? '#8f3b31' : '#e2896a';
    return `<path d="M ${x},${y} q ${26 * Math.sign(out)},${6 + 16 * Math.abs(out)} ${60 * Math.sign(out)},${16 + 40 * Math.abs(out)}" stroke="${colour}" stroke-width="${random.between(5, 22)}" opacity="${random.between(0.04, 0.13)}"/>`;
  }).join('');

const shirt =
  'M 20,1040 C 40,960 120,912 250,886 C 300,874 330,856 354,826 C 384,906 446,966 512,970 C 578,966 640,906 670,826 C 694,856 714,872 774,886 C 904,912 984,960 1004,1040 Z';

export const paintClothes = (random: Random) => `
  <path d="${shirt}" fill="url(#cloth)"/>
  <clipPath id="shirt"><path d="${shirt}"/></clipPath>
  <g clip-path="url(#shirt)" fill="none" stroke-linecap="round">
    ${weave(random)}
    <path d="M 352,828 C 380,930 446,978 512,980 C 578,978 644,930 672,828" stroke="#f0ddc0" stroke-width="30"/>
    <path d="M 340,836 C 372,946 442,998 512,1000 C 582,998 652,946 684,836" stroke="#6a271f" stroke-width="10" opacity="0.5" filter="url(#soft4)"/>
    <path d="M 362,828 C 390,918 456,966 512,968 C 570,966 634,918 662,828" stroke="#fff4de" stroke-width="5" opacity="0.7" filter="url(#soft1)"/>
    <path d="M 640,860 C 700,900 800,930 860,1024" stroke="#6a271f" stroke-width="40" opacity="0.28" filter="url(#soft12)"/>
    <path d="M 300,890 C 220,930 170,970 150,1024" stroke="#f0a684" stroke-width="40" opacity="0.35" filter="url(#soft12)"/>
  </g>`;

export const sceneDefs = `
  <linearGradient id="wall" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#9dbbb0"/><stop offset="0.55" stop-color="#6f9594"/><stop offset="1" stop-color="#4c7073"/></linearGradient>
  <radialGradient id="glow" cx="0.34" cy="0.3" r="0.6"><stop offset="0" stop-color="#f6e6c0" stop-opacity="0.5"/><stop offset="1" stop-color="#f6e6c0" stop-opacity="0"/></radialGradient>
  <radialGradient id="vignette" cx="0.5" cy="0.45" r="0.78"><stop offset="0.55" stop-color="#1d3034" stop-opacity="0"/><stop offset="1" stop-color="#1d3034" stop-opacity="0.5"/></radialGradient>
  <linearGradient id="neck" x1="0" x2="1"><stop offset="0.2" stop-color="#d99a76"/><stop offset="0.42" stop-color="#e0a782"/><stop offset="0.62" stop-color="#bf7d5e"/><stop offset="0.8" stop-color="#a8674d"/></linearGradient>
  <linearGradient id="cloth" x1="0" y1="0" x2="1" y2="0.5"><stop offset="0" stop-color="#d9775a"/><stop offset="0.5" stop-color="#bb5645"/><stop offset="1" stop-color="#8a3930"/></linearGradient>`;
