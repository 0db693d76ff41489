namespace Outerloop.Gateway.Dashboard;

/// <summary>Figures as they were computed once.</summary>
/// <param name="At">When they were there.</param>
/// <param name="Took">How long that took.</param>
/// <param name="Stamp">What the runs' files were like when it began; null where that cannot be told.</param>
internal sealed record KeptFigures<T>(T Value, DateTimeOffset At, TimeSpan Took, string? Stamp);

/// <summary>Where figures are kept when the program ends.</summary>
internal interface IKeptFile<T>
{
    /// <summary>Null where there are none that can be used.</summary>
    KeptFigures<T>? Read(ShownRun run);

    /// <summary>Does nothing where nothing can be kept.</summary>
    void Write(ShownRun run, KeptFigures<T> kept);
}

/// <summary>Figures and when they were computed.</summary>
internal sealed record Timed<T>(T Figures, DateTimeOffset At)
{
    /// <summary>False if the run has changed since, as far as its files say; a database does not.</summary>
    public bool IsCurrent { get; init; } = true;
}

/// <summary>Figures that somebody asked for.</summary>
/// <param name="There">When they are there.</param>
/// <param name="Computing">How far it is if they are computed for the first time; null where they are known.</param>
internal sealed record Asked<T>(Task<Timed<T>> There, Computing? Computing);
