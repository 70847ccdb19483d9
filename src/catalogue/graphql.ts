import { entries, sameFor } from './schema.ts';

/** GraphQL servers. The context is the user's own type; its place among a resolver's parameters shows what it is. */
export const graphql = [
  entries('graphql', {
    checkedWith: 'graphql 16.14 (17.1 declares the same)',
    types: {
      GraphQLFieldResolver: { role: 'handler', requestParameters: [2] },
      GraphQLResolveInfo: { role: 'handler-mark', place: 3, requestParameters: [2] },
    },
  }),
  entries('@apollo/server', {
    alsoKnownAs: ['@as-integrations/express4', '@as-integrations/express5'],
    checkedWith: '@apollo/server 5.5',
    types: {
      GraphQLRequestContext: 'request-scope',
      StandaloneServerContextFunctionArgument: { role: ['request-scope', 'response'] },
      ExpressContextFunctionArgument: { role: ['request-scope', 'response'] },
      ApolloServer: { role: 'drainable', stage: 'intake' },
    },
    members: {
      'ApolloServer.stop': {
        role: 'drains',
        ends: 'promise',
        reason: 'drains the HTTP server only through the plugin `ApolloServerPluginDrainHttpServer`, 10 s by default',
      },
      startStandaloneServer: { role: 'serves', ends: 'promise' },
    },
  }),
  entries('graphql-yoga', {
    checkedWith: 'graphql-yoga 5.24',
    types: { YogaInitialContext: 'request-scope' },
  }),
  entries('@whatwg-node/server', {
    checkedWith: '@whatwg-node/server 0.10',
    types: {
      ServerAdapterInitialContext: 'request-scope',
      ServerAdapterObject: { role: 'drainable', stage: 'work' },
    },
    members: {
      'ServerAdapterObject.dispose': {
        role: 'drains',
        ends: 'promise',
        mayHang: true,
        reason: 'waits for what `waitUntil` was given',
      },
      'ServerAdapterInitialContext.waitUntil': {
        role: 'detaches',
        argument: 0,
        takes: 'promise',
        catches: true,
        rejects: false,
        reason: 'the server’s `dispose` waits for it',
      },
    },
  }),
  entries('type-graphql', {
    checkedWith: 'type-graphql 2.0',
    members: {
      Resolver: 'singleton-decorator',
      Ctx: 'context-decorator',
      ...sameFor('', ['Arg', 'Args', 'Info', 'Root'], 'data-decorator'),
      ...sameFor('', ['FieldResolver', 'Mutation', 'Query', 'Subscription'], {
        role: 'handler-decorator',
        catches: true,
      }),
    },
  }),
];
