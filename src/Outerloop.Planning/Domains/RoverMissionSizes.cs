namespace Outerloop.Planning.Domains;

/// <summary>How much there is of everything in a <see cref="RoverMission"/>.</summary>
/// <param name="Sight">In percent, how many of the pairs of waypoints that are no neighbours see each other.</param>
public sealed record RoverMissionSizes(int Rovers, int Waypoints, int Cameras, int Objectives, int Goals, int Sight);
