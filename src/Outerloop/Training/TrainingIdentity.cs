using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Outerloop.Configuration;
using Outerloop.Model.Checkpoints;

namespace Outerloop.Training;

/// <summary>Everything that the result of a fine-tuning depends on, as one hash: its state on the disk belongs to no other.</summary>
internal static class TrainingIdentity
{
    public static string Of(TrainingJob job, TrainerSettings settings, Checkpoint start)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{job.Domain} {job.Generation} {job.Seed.Value} {start.WeightsHash}\n");
        text.Append(RunFile.Print(new RunSettings { Trainer = settings }));
        foreach (TrainingExample example in job.Examples)
            text.Append(CultureInfo.InvariantCulture, $"{example.Trace.Id} {example.Trace.Accepted} {string.Join(',', example.Trace.Tokens)}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
