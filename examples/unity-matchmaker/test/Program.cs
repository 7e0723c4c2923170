// Calls the module as Matchmaker does, and prints each answer as a line of JSON:
//   Program allocate MATCH REGION
//   Program poll MATCH REGION SECONDS_SINCE_ALLOCATE
// The access token is in BERTH_TOKEN.
using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using BerthAllocatorModule;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Newtonsoft.Json.Converters;
using Unity.Services.CloudCode.Apis;
using Unity.Services.CloudCode.Apis.Matchmaker;
using Unity.Services.CloudCode.Core;

internal static class Program
{
    private static void Main(string[] words)
    {
        var module = new BerthAllocator(new Unity(), new Log());
        var answer = words[0] == "allocate" ? Allocate(module, words) : Poll(module, words);
        Console.WriteLine(JsonConvert.SerializeObject(answer, new StringEnumConverter()));
    }

    private static object Allocate(BerthAllocator module, string[] words)
    {
        var results = new MatchmakingResults
        {
            MatchId = words[1],
            QueueName = "berth",
            MatchProperties = new Dictionary<string, object> { { "Region", words[2] } },
        };
        var request = new AllocateRequest { MatchId = words[1], MatchmakingResults = results };
        return module.Allocate(null, request).Result;
    }

    private static object Poll(BerthAllocator module, string[] words)
    {
        return module.Poll(null, new PollRequest
        {
            MatchId = words[1],
            AllocationData = new Dictionary<string, object> { { "region", words[2] } },
            AllocationCreatedTime = DateTimeOffset.UtcNow.AddSeconds(-int.Parse(words[3])),
        }).Result;
    }

    private sealed class Log : ILogger<BerthAllocator>
    {
        void ILogger<BerthAllocator>.Log(string line)
        {
            Console.Error.WriteLine(line);
        }
    }

    private sealed class Unity : IGameApiClient, ISecretManager
    {
        public ISecretManager SecretManager
        {
            get { return this; }
        }

        public Task<Secret> GetSecret(IExecutionContext context, string name)
        {
            return Task.FromResult(new Secret { Value = Environment.GetEnvironmentVariable(name) });
        }
    }
}
