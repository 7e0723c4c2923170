using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Unity.Services.CloudCode.Apis;
using Unity.Services.CloudCode.Apis.Matchmaker;
using Unity.Services.CloudCode.Core;

namespace BerthAllocatorModule
{
    public class ModuleConfig : ICloudCodeSetup
    {
        public void Setup(ICloudCodeConfig config)
        {
            config.Dependencies.AddSingleton(GameApiClient.Create());
        }
    }

    /// <summary>
    /// Gives each match of Unity Matchmaker a game server of Berth's. The match's id is the
    /// allocation's id, so a repeated call is given the same server.
    /// </summary>
    public class BerthAllocator : IMatchmakerAllocator
    {
        /// <summary>Names an access token in Unity's Secret Manager.</summary>
        private const string TokenSecret = "BERTH_TOKEN";

        /// <summary>What players read where there is no server for them.</summary>
        private const string Full = "All game servers are taken. Please try again.";
        private const string Over = "This match is over.";
        private const string NotStarted = "No game server could be started. Please try again.";
        private const string NotReached = "The game servers cannot be reached. Please try again.";

        private readonly IGameApiClient unity;
        private readonly ILogger<BerthAllocator> logger;

        public BerthAllocator(IGameApiClient unity, ILogger<BerthAllocator> logger)
        {
            this.unity = unity;
            this.logger = logger;
        }

        /// <summary>Leaves the request with Berth, and answers at once.</summary>
        [CloudCodeFunction("Matchmaker_AllocateServer")]
        public async Task<AllocateResponse> Allocate(
            IExecutionContext context, AllocateRequest request)
        {
            try
            {
                var region = RegionOf(request.MatchmakingResults.MatchProperties);
                var berth = await Connect(context);
                await berth.Publish(request.MatchId, region, request.MatchmakingResults);
                return new AllocateResponse(AllocateStatus.Created)
                {
                    AllocationData = new Dictionary<string, object> { { "region", region } },
                };
            }
            catch (Exception error)
            {
                logger.LogError(error, "match {match}: not asked for", request.MatchId);
                return new AllocateResponse(AllocateStatus.Error) { Message = NotReached };
            }
        }

        /// <summary>Is called every two seconds until it answers other than `Pending`.</summary>
        [CloudCodeFunction("Matchmaker_PollAllocation")]
        public async Task<PollResponse> Poll(IExecutionContext context, PollRequest request)
        {
            try
            {
                var region = request.AllocationData["region"].ToString();
                var berth = await Connect(context);
                var server = await berth.Find(request.MatchId, region);
                if (server != null) return Found(server);
                if (DateTimeOffset.UtcNow - request.AllocationCreatedTime < Settings.GiveUpAfter)
                {
                    return new PollResponse(PollStatus.Pending);
                }
                await berth.Release(request.MatchId, region, "the matchmaker gave up");
                return new PollResponse(PollStatus.Error) { Message = Full };
            }
            catch (NotServed no)
            {
                logger.LogError("{match}: {code}: {why}", request.MatchId, no.Code, no.Message);
                return new PollResponse(PollStatus.Error) { Message = ToPlayers(no.Code) };
            }
            catch (Exception error)
            {
                // The next poll may get through; but not for ever.
                logger.LogError(error, "match {match}: not found out", request.MatchId);
                if (DateTimeOffset.UtcNow - request.AllocationCreatedTime < Settings.GiveUpAfter)
                {
                    return new PollResponse(PollStatus.Pending);
                }
                return new PollResponse(PollStatus.Error) { Message = NotReached };
            }
        }

        /// <summary>Berth's own words name slots and fleets: they are for the log.</summary>
        private static string ToPlayers(string code)
        {
            switch (code)
            {
                case "expired":
                case "none-available":
                case "fleet-maximum":
                case "agents-lost":
                case "games-failing":
                case "out-of-service":
                case "shed":
                    return Full;
                case "ended":
                    return Over;
                default:
                    return NotStarted;
            }
        }

        /// <summary>Clients show the game server the `token` in the custom data.</summary>
        private static PollResponse Found(Server server)
        {
            var forPlayers = new Dictionary<string, object> { { "token", server.Token } };
            return new PollResponse(PollStatus.Allocated)
            {
                AssignmentData = AssignmentData.IpPort(server.Ip, server.Port, forPlayers),
            };
        }

        /// <summary>Without quality-of-service results there is no region, or "".</summary>
        private static string RegionOf(IReadOnlyDictionary<string, object> properties)
        {
            foreach (var name in new[] { "Region", "region" })
            {
                object value;
                if (!properties.TryGetValue(name, out value) || value == null) continue;
                var unitys = value.ToString();
                string ours;
                if (Settings.Regions.TryGetValue(unitys, out ours)) return ours;
            }
            return Settings.DefaultRegion;
        }

        private async Task<BerthGateway> Connect(IExecutionContext context)
        {
            var token = await unity.SecretManager.GetSecret(context, TokenSecret);
            return new BerthGateway(token.Value);
        }
    }
}
