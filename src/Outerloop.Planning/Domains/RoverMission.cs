using System.Collections.Immutable;

namespace Outerloop.Planning.Domains;

/// <summary>A rover: where it starts, the roads that it can take, and what it can analyse. Rover i owns store i.</summary>
public sealed record Rover(int Start, RoadMap Roads, bool AnalysesSoil, bool AnalysesRock, bool TakesImages);

/// <summary>A camera: the rover that carries it, the objective that calibrates it, and its modes.</summary>
public sealed record Camera(int Carrier, int Target, ImmutableArray<int> Modes);

/// <summary>What shall be communicated: soil or rock of a waypoint, or an image of an objective in a mode.</summary>
public abstract record RoverGoal
{
    public sealed record Soil(int Waypoint) : RoverGoal;

    public sealed record Rock(int Waypoint) : RoverGoal;

    public sealed record Image(int Objective, int Mode) : RoverGoal;
}

/// <summary>A task for rovers. Waypoints, rovers, cameras and objectives are numbers from 0.</summary>
public sealed record RoverMission
{
    public static readonly ImmutableArray<string> Modes = ["colour", "high_res", "low_res"];

    public required ImmutableArray<Rover> Rovers { get; init; }

    public required ImmutableArray<Camera> Cameras { get; init; }

    /// <summary>For each objective the waypoints that it can be seen from.</summary>
    public required ImmutableArray<ImmutableArray<int>> Outlooks { get; init; }

    /// <summary>The waypoints that see each other.</summary>
    public required RoadMap Sight { get; init; }

    public required ImmutableArray<int> SoilSamples { get; init; }

    public required ImmutableArray<int> RockSamples { get; init; }

    public required int Lander { get; init; }

    public required ImmutableArray<RoverGoal> Goals { get; init; }
}
