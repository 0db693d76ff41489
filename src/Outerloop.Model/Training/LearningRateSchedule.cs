namespace Outerloop.Model.Training;

/// <summary>How the learning rate falls after the warm-up.</summary>
public enum LearningRateDecay
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Constant, then linear to 0 over the last part of the steps.</summary>
    Linear,

    /// <summary>Constant, then half a cosine to 0 over the last part of the steps.</summary>
    Cosine,
}

/// <summary>The learning rate of each step: a linear warm-up, a constant stretch, a decay to 0.</summary>
public sealed record LearningRateSchedule
{
    public required float Peak { get; init; }

    /// <summary>Part of the steps over which the rate rises from 0.</summary>
    public float WarmUp { get; init; } = 0.05f;

    public LearningRateDecay Decay { get; init; } = LearningRateDecay.Linear;

    /// <summary>Part of the steps, at the end, over which the rate falls to 0.</summary>
    public float DecayPart { get; init; } = 0.5f;

    /// <summary>The rate of step <paramref name="step"/>, counted from 0; never 0 before the last step is over.</summary>
    public float At(int step, int steps)
    {
        double warmUp = Math.Floor((double)WarmUp * steps), decay = (double)DecayPart * steps;
        double rise = step < warmUp ? (step + 1) / warmUp : 1;
        double left = decay > 0 ? Math.Min(1, (steps - step) / decay) : 1;
        double fall = Decay switch
        {
            LearningRateDecay.Linear => left,
            LearningRateDecay.Cosine => 0.5 * (1 - Math.Cos(Math.PI * left)),
            _ => 1,
        };
        return (float)(Peak * Math.Min(rise, fall));
    }
}
