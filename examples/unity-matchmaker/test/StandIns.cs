// What the module uses of Unity's and Microsoft's packages, declared anew: so that any C# compiler
// can compile it, and `Program.cs` run it, where those packages are not to be had.
using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Microsoft.Extensions.DependencyInjection
{
    public interface IServiceCollection
    {
    }

    public static class ServiceCollectionExtensions
    {
        public static IServiceCollection AddSingleton<T>(this IServiceCollection services, T one)
        {
            return services;
        }
    }
}

namespace Microsoft.Extensions.Logging
{
    public interface ILogger<T>
    {
        void Log(string line);
    }

    public static class LoggerExtensions
    {
        public static void LogError<T>(
            this ILogger<T> logger, string message, params object[] values)
        {
            logger.Log(message + " " + string.Join(" ", values));
        }

        public static void LogError<T>(
            this ILogger<T> logger, Exception error, string message, params object[] values)
        {
            logger.Log(message + " " + string.Join(" ", values) + " " + error);
        }
    }
}

namespace Unity.Services.CloudCode.Core
{
    public interface IExecutionContext
    {
    }

    public interface ICloudCodeConfig
    {
        Microsoft.Extensions.DependencyInjection.IServiceCollection Dependencies { get; }
    }

    public interface ICloudCodeSetup
    {
        void Setup(ICloudCodeConfig config);
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class CloudCodeFunctionAttribute : Attribute
    {
        public CloudCodeFunctionAttribute(string name)
        {
            Name = name;
        }

        public string Name { get; }
    }
}

namespace Unity.Services.CloudCode.Apis
{
    public sealed class Secret
    {
        public string Value { get; set; }
    }

    public interface ISecretManager
    {
        Task<Secret> GetSecret(Core.IExecutionContext context, string name);
    }

    public interface IGameApiClient
    {
        ISecretManager SecretManager { get; }
    }

    public static class GameApiClient
    {
        public static IGameApiClient Create()
        {
            throw new NotSupportedException();
        }
    }
}

namespace Unity.Services.CloudCode.Apis.Matchmaker
{
    public interface IMatchmakerAllocator
    {
        Task<AllocateResponse> Allocate(Core.IExecutionContext context, AllocateRequest request);

        Task<PollResponse> Poll(Core.IExecutionContext context, PollRequest request);
    }

    public sealed class MatchmakingResults
    {
        public Dictionary<string, object> MatchProperties { get; set; }
        public string QueueName { get; set; }
        public string MatchId { get; set; }
    }

    public sealed class AllocateRequest
    {
        public string MatchId { get; set; }
        public MatchmakingResults MatchmakingResults { get; set; }
    }

    public enum AllocateStatus
    {
        Created,
        Error,
    }

    public sealed class AllocateResponse
    {
        public AllocateResponse(AllocateStatus status)
        {
            Status = status;
        }

        public AllocateStatus Status { get; }
        public string Message { get; set; }
        public Dictionary<string, object> AllocationData { get; set; }
    }

    public sealed class PollRequest
    {
        public string MatchId { get; set; }
        public Dictionary<string, object> AllocationData { get; set; }
        public DateTimeOffset AllocationCreatedTime { get; set; }
    }

    public enum PollStatus
    {
        Pending,
        Allocated,
        Error,
    }

    public sealed class PollResponse
    {
        public PollResponse(PollStatus status)
        {
            Status = status;
        }

        public PollStatus Status { get; }
        public string Message { get; set; }
        public AssignmentData AssignmentData { get; set; }
    }

    public sealed class AssignmentData
    {
        public string Ip { get; private set; }
        public int Port { get; private set; }
        public Dictionary<string, object> CustomData { get; private set; }

        public static AssignmentData IpPort(
            string ip, int port, Dictionary<string, object> customData = null)
        {
            return new AssignmentData { Ip = ip, Port = port, CustomData = customData };
        }
    }
}
