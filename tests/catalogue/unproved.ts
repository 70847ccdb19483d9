const NOT_INSTALLED =
  'its types bring a framework along; the decorators are plain functions whose names are read from its documentation';

/** Rows that no installed type package proves, by entry (with its versions) or by row, and why. */
export const UNPROVED: Readonly<Record<string, string>> = {
  '@nestjs/bullmq': NOT_INSTALLED,
  '@nestjs/event-emitter': NOT_INSTALLED,
  '@nestjs/graphql': NOT_INSTALLED,
  '@nestjs/microservices': NOT_INSTALLED,
  '@nestjs/schedule': NOT_INSTALLED,
  '@nestjs/websockets': NOT_INSTALLED,
  'express <5': 'only one major of the types can be installed; the same members as those of version 5',
  'redis <5': 'only one major can be installed',
  'close-with-grace CloseWithGraceReturn.close': 'the interface is the result type of the function and not exported',
};
