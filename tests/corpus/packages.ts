/** The packages whose published TypeScript sources are linted; their versions are pinned in `package.json`. */
export const packages = ['@hocuspocus/server', '@temporalio/worker', '@trpc/server', 'libp2p'] as const;

export type PackageName = (typeof packages)[number];
