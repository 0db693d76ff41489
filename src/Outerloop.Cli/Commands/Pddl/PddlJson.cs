using System.Text.Json.Serialization;

namespace Outerloop.Cli.Commands.Pddl;

/// <summary>How the records of this folder become JSON, worked out by the compiler: reflection would double the time to start.</summary>
[JsonSerializable(typeof(CheckReport))]
[JsonSerializable(typeof(VerdictLine))]
internal sealed partial class PddlJson : JsonSerializerContext
{
    public static PddlJson Document { get; } = new(Json.Options(indented: true));

    public static PddlJson Line { get; } = new(Json.Options(indented: false));
}
