namespace Outerloop.Training;

/// <summary>What each trace is worth to a trainer that learns from rewards: 1 where the loop was told that it is valid, else 0.</summary>
internal static class Advantages
{
    public static float[] Reward(IReadOnlyList<TrainingExample> examples) =>
        [.. examples.Select(example => example.Trace.Accepted ? 1f : 0f)];

    /// <summary>The reward less the mean over all traces.</summary>
    public static float[] AboveMean(IReadOnlyList<TrainingExample> examples)
    {
        float[] rewards = Reward(examples);
        float mean = rewards.Average();
        return [.. rewards.Select(reward => reward - mean)];
    }

    /// <summary>The reward less the mean over the task's traces, over their standard deviation; 0 where all have the same.</summary>
    public static float[] WithinTask(IReadOnlyList<TrainingExample> examples)
    {
        float[] rewards = Reward(examples);
        var means = examples.Zip(rewards).GroupBy(pair => pair.First.Task.Id).ToDictionary(task => task.Key, task => task.Average(pair => pair.Second));
        return
        [
            .. examples.Zip(rewards, (example, reward) =>
            {
                float mean = means[example.Task.Id], variance = mean * (1 - mean); // of rewards that are 0 or 1
                return variance > 0 ? (reward - mean) / MathF.Sqrt(variance) : 0;
            }),
        ];
    }
}
