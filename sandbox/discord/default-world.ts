import type { World } from './world.ts';

export type DefaultWorld = ReturnType<typeof fillDefaultWorld>;

/** Two guilds that look alike: general, moderators, age-restricted; ada and ben, mia (moderator), otto (administrator). */
export function fillDefaultWorld(world: World) {
  const ada = world.addUser({ username: 'ada' });
  const ben = world.addUser({ username: 'ben' });
  const mia = world.addUser({ username: 'mia' });
  const otto = world.addUser({ username: 'otto' });

  function addGuild(name: string) {
    const guild = world.addGuild({ name, memberIds: [ada.id, ben.id], channels: [] });
    world.addMember(guild.id, mia.id, { roles: ['moderator'] });
    world.addMember(guild.id, otto.id, { roles: ['administrator'] });
    return {
      guild,
      general: world.addChannel(guild.id, { name: 'general' }),
      moderators: world.addChannel(guild.id, { name: 'moderators', onlyModerators: true }),
      ageRestricted: world.addChannel(guild.id, { name: 'age-restricted', ageRestricted: true }),
    };
  }

  return { ...addGuild('Portrait Club'), second: addGuild('Talking Statues'), ada, ben, mia, otto };
}
