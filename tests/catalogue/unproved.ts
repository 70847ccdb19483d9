const NOT_INSTALLED =
  'its types bring a framework along; the decorators are plain functions whose names are read from its documentation';

const READ_BY_HAND =
  'read in the types of the version that `checkedWith` names; not installed, to keep the installation small';

/** Rows that no installed type package proves, by entry (with its versions) or by row, and why. */
export const UNPROVED: Readonly<Record<string, string>> = {
  '@nestjs/bullmq': NOT_INSTALLED,
  '@nestjs/event-emitter': NOT_INSTALLED,
  '@nestjs/graphql': NOT_INSTALLED,
  '@nestjs/microservices': NOT_INSTALLED,
  '@nestjs/schedule': NOT_INSTALLED,
  '@nestjs/websockets': NOT_INSTALLED,
  next: READ_BY_HAND,
  '@vercel/functions': READ_BY_HAND,
  '@cloudflare/workers-types': READ_BY_HAND,
  h3: READ_BY_HAND,
  'h3 >=2': READ_BY_HAND,
  'graphql-yoga': READ_BY_HAND,
  '@hapi/hapi': READ_BY_HAND,
  'aws-lambda': READ_BY_HAND,
  kafkajs: READ_BY_HAND,
  amqplib: READ_BY_HAND,
  nats: READ_BY_HAND,
  knex: READ_BY_HAND,
  mongoose: READ_BY_HAND,
  sequelize: READ_BY_HAND,
  mariadb: READ_BY_HAND,
  tarn: READ_BY_HAND,
  postgres: READ_BY_HAND,
  'p-wait-for': READ_BY_HAND,
  undici: READ_BY_HAND,
  axios: READ_BY_HAND,
  'http-terminator': READ_BY_HAND,
  stoppable: READ_BY_HAND,
  lightship: READ_BY_HAND,
  'exit-hook': READ_BY_HAND,
  'async-exit-hook': READ_BY_HAND,
  'http-graceful-shutdown': READ_BY_HAND,
  'express <5': 'only one major of the types can be installed; the same members as those of version 5',
  'redis <5': 'only one major can be installed',
  'close-with-grace CloseWithGraceReturn.close': 'the interface is the result type of the function and not exported',
};
